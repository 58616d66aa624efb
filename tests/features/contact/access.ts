import { type AccessRow, everybody } from "../../helpers/access";

export const access: AccessRow[] = [
  { url: "GET /contact", verdicts: everybody, public: true },
  { url: "POST /contact", verdicts: everybody, public: true },
];
