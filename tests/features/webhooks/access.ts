import { type AccessRow, everybody } from "../../helpers/access";

export const access: AccessRow[] = [
  { url: "POST /webhooks/:provider", verdicts: everybody, public: true, path: "/webhooks/shop" },
];
