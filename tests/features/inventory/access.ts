import { type AccessRow, everybody, signedIn } from "../../helpers/access";

/** Only who has the permission; staff and others are told so. */
const permitted = { ...signedIn, user: "forbidden", staff: "forbidden" } as const;

export const access: AccessRow[] = [
  { url: "GET /inventory", verdicts: everybody },
  { url: "GET /inventory/export.csv", verdicts: everybody },
  { url: "GET /inventory/:id", verdicts: everybody },
  { url: "POST /inventory/:id", verdicts: permitted },
  { url: "GET /inventory/new", verdicts: permitted },
  { url: "POST /inventory/new", verdicts: permitted },
  { url: "GET /inventory/:id/edit", verdicts: permitted },
  { url: "POST /inventory/:id/edit", verdicts: permitted },
];
