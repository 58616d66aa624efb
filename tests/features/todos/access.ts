import { type AccessRow, everybody } from "../../helpers/access";

const urls = [
  "GET /todos",
  "POST /todos",
  "POST /todos/toggle-all",
  "POST /todos/clear-completed",
  "POST /todos/restore-completed",
  "GET /todos/trash",
  "POST /todos/trash/empty",
  "GET /todos/:id/edit",
  "POST /todos/:id/edit",
  "POST /todos/:id/toggle",
  "POST /todos/:id/delete",
  "POST /todos/:id/restore",
  "POST /todos/:id/erase",
];

export const access: AccessRow[] = urls.map((url) => ({ url, verdicts: everybody }));
