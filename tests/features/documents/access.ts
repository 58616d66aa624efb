import { type AccessRow, nobody, signedIn } from "../../helpers/access";

/** Of a document that is somebody else's, or of none: the same answer. Only who sees every document finds it. */
const hidden = { ...nobody, anonymous: "login", superuser: "open" } as const;
/** Nothing of the demo data is in the trash. */
const absent = { ...nobody, anonymous: "login" } as const;

export const access: AccessRow[] = [
  { url: "GET /documents", verdicts: signedIn },
  { url: "GET /documents/upload", verdicts: signedIn },
  { url: "POST /documents/upload", verdicts: signedIn },
  { url: "GET /documents/trash", verdicts: signedIn },
  { url: "GET /documents/vault", verdicts: hidden },
  { url: "POST /documents/vault", verdicts: hidden },
  { url: "GET /documents/:id", verdicts: hidden },
  { url: "GET /documents/:id/edit", verdicts: hidden },
  { url: "POST /documents/:id/edit", verdicts: hidden },
  { url: "GET /documents/:id/download", verdicts: hidden },
  { url: "GET /documents/:id/preview", verdicts: hidden },
  { url: "POST /documents/:id/restore", verdicts: absent },
  { url: "POST /documents/:id/erase", verdicts: absent },
  { url: "POST /documents/:id/delete", verdicts: hidden },
];
