import { type AccessRow, everybody } from "../../helpers/access";

/** Who signs in may come as far as their permissions; only a superuser has them without being given any. */
const byPermission = {
  anonymous: "login",
  user: "forbidden",
  staff: "forbidden",
  superuser: "open",
} as const;

export const access: AccessRow[] = [
  // It takes whatever is signed, and no form.
  { url: "POST /webhooks/:provider", verdicts: everybody, public: true, path: "/webhooks/shop", fields: {} },
  // The list, and what stands beside it while no event is open.
  { url: "GET /webhooks", verdicts: byPermission },
  { url: "GET /webhooks", verdicts: byPermission },
  { url: "POST /webhooks", verdicts: byPermission, path: "/webhooks?index" },
  { url: "GET /webhooks/events/:id", verdicts: byPermission },
  { url: "GET /webhooks/events/:id/body", verdicts: byPermission },
  { url: "GET /webhooks/events/export.csv", verdicts: byPermission },
  { url: "GET /webhooks/events/live", verdicts: byPermission, path: "/webhooks/events/live?after=1" },
  { url: "POST /webhooks/events/:id/process", verdicts: byPermission },
  { url: "POST /webhooks/events/process", verdicts: byPermission },
];
