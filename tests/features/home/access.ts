import { type AccessRow, everybody, nobody } from "../../helpers/access";

export const access: AccessRow[] = [
  { url: "GET /", verdicts: everybody },
  { url: "GET /*", verdicts: nobody, path: "/nowhere" },
];
