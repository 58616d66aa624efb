import { type AccessRow, signedIn } from "../../helpers/access";

export const access: AccessRow[] = [
  { url: "GET /notifications", verdicts: signedIn },
  { url: "POST /notifications", verdicts: signedIn, fields: { newest: "1" } },
];
