import { type AccessRow, everybody, nobody } from "../../helpers/access";

/** A message of somebody who is none of the roles: superusers may delete anybody's. */
const others = { ...nobody, anonymous: "login", superuser: "open" } as const;

export const access: AccessRow[] = [
  // The rooms, and what stands beside them where no room is open.
  { url: "GET /chat", verdicts: everybody },
  { url: "GET /chat", verdicts: everybody },
  { url: "GET /chat/:room", verdicts: everybody, path: "/chat/general" },
  { url: "POST /chat/:room", verdicts: everybody, path: "/chat/general" },
  { url: "GET /chat/:room/:seq/edit", verdicts: others, path: "/chat/general/1/edit" },
  { url: "POST /chat/:room/:seq/edit", verdicts: others, path: "/chat/general/1/edit" },
];
