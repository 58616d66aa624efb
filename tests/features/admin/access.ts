import { type AccessRow, nobody, staffOnly, superuserOnly } from "../../helpers/access";

const group = "/admin/accounts/group";

export const access: AccessRow[] = [
  { url: "GET /admin", verdicts: staffOnly },
  { url: "GET /admin/:feature/:model", verdicts: superuserOnly, path: group },
  { url: "GET /admin/:feature/:model/add", verdicts: superuserOnly, path: `${group}/add` },
  { url: "POST /admin/:feature/:model/add", verdicts: superuserOnly, path: `${group}/add` },
  { url: "GET /admin/:feature/:model/action", verdicts: superuserOnly, path: `${group}/action` },
  { url: "POST /admin/:feature/:model/action", verdicts: superuserOnly, path: `${group}/action` },
  { url: "GET /admin/:feature/:model/export.csv", verdicts: superuserOnly, path: `${group}/export.csv` },
  { url: "GET /admin/:feature/:model/:id/change", verdicts: superuserOnly, path: `${group}/2/change` },
  { url: "POST /admin/:feature/:model/:id/change", verdicts: superuserOnly, path: `${group}/2/change` },
  { url: "GET /admin/:feature/:model/:id/delete", verdicts: superuserOnly, path: `${group}/2/delete` },
  { url: "POST /admin/:feature/:model/:id/delete", verdicts: superuserOnly, path: `${group}/3/delete` },
  { url: "GET /admin/:feature/:model/:id/history", verdicts: superuserOnly, path: `${group}/2/history` },
  {
    url: "POST /admin/:feature/:model/:id/history",
    verdicts: { ...nobody, anonymous: "login", user: "forbidden" },
    path: `${group}/2/history`,
  },
];
