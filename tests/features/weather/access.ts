import { type AccessRow, everybody } from "../../helpers/access";

export const access: AccessRow[] = [
  { url: "GET /weather", verdicts: everybody },
  { url: "POST /weather", verdicts: everybody },
];
