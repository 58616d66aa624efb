import { type AccessRow, nobody, staffOnly, superuserOnly } from "../../helpers/access";

const todo = "/admin/todos/todo";

export const access: AccessRow[] = [
  { url: "GET /admin", verdicts: staffOnly },
  { url: "GET /admin/:feature/:model", verdicts: superuserOnly, path: todo },
  { url: "GET /admin/:feature/:model/add", verdicts: superuserOnly, path: `${todo}/add` },
  { url: "POST /admin/:feature/:model/add", verdicts: superuserOnly, path: `${todo}/add` },
  { url: "GET /admin/:feature/:model/action", verdicts: superuserOnly, path: `${todo}/action` },
  { url: "POST /admin/:feature/:model/action", verdicts: superuserOnly, path: `${todo}/action` },
  { url: "GET /admin/:feature/:model/export.csv", verdicts: superuserOnly, path: `${todo}/export.csv` },
  { url: "GET /admin/:feature/:model/:id/change", verdicts: superuserOnly, path: `${todo}/2/change` },
  { url: "POST /admin/:feature/:model/:id/change", verdicts: superuserOnly, path: `${todo}/2/change` },
  { url: "GET /admin/:feature/:model/:id/delete", verdicts: superuserOnly, path: `${todo}/2/delete` },
  { url: "POST /admin/:feature/:model/:id/delete", verdicts: superuserOnly, path: `${todo}/3/delete` },
  { url: "GET /admin/:feature/:model/:id/history", verdicts: superuserOnly, path: `${todo}/2/history` },
  {
    url: "POST /admin/:feature/:model/:id/history",
    verdicts: { ...nobody, anonymous: "login", user: "forbidden" },
    path: `${todo}/2/history`,
  },
];
