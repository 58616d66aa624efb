import { type AccessRow, everybody } from "../../helpers/access";

const urls = [
  "GET /tasks",
  "POST /tasks",
  "GET /tasks/trash",
  "GET /tasks/:id",
  "GET /tasks/:id/events",
  "GET /tasks/:id/edit",
  "POST /tasks/:id/edit",
  "POST /tasks/:id/complete",
  "POST /tasks/:id/reopen",
  "POST /tasks/:id/delete",
  "POST /tasks/:id/restore",
  "POST /tasks/:id/erase",
];

export const access: AccessRow[] = urls.map((url) => ({ url, verdicts: everybody }));
