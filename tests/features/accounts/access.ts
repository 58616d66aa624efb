import { type AccessRow, everybody, nobody, signedIn, superuserOnly } from "../../helpers/access";

/** What nobody can guess a token for. */
const newPassword = { password1: "correct horse 9", password2: "correct horse 9" };

export const access: AccessRow[] = [
  { url: "GET /accounts", verdicts: signedIn },
  { url: "POST /accounts", verdicts: signedIn },
  { url: "GET /accounts/login", verdicts: everybody, public: true },
  { url: "POST /accounts/login", verdicts: everybody, public: true },
  { url: "POST /accounts/logout", verdicts: everybody, public: true },
  { url: "GET /accounts/password_change", verdicts: signedIn },
  { url: "POST /accounts/password_change", verdicts: signedIn },
  { url: "GET /accounts/password_reset", verdicts: everybody, public: true },
  { url: "POST /accounts/password_reset", verdicts: everybody, public: true },
  // Without a good token it is a page that offers another.
  { url: "GET /accounts/reset/:token", verdicts: everybody, public: true },
  { url: "POST /accounts/reset/:token", verdicts: everybody, public: true, fields: newPassword },
  { url: "GET /accounts/sessions", verdicts: signedIn },
  { url: "POST /accounts/sessions/:id/end", verdicts: signedIn },
  { url: "POST /accounts/sessions/end_others", verdicts: signedIn },
  { url: "GET /admin/accounts/user/:id/password", verdicts: superuserOnly },
  { url: "POST /admin/accounts/user/:id/password", verdicts: superuserOnly },
  { url: "GET /admin/accounts/user/:id/sessions", verdicts: superuserOnly },
  {
    url: "POST /admin/accounts/user/:id/sessions",
    verdicts: superuserOnly,
    path: "/admin/accounts/user/1/sessions",
  },
  // Only the secret of the running process opens it.
  { url: "GET /accounts/setup/:token", verdicts: nobody, public: true },
  {
    url: "POST /accounts/setup/:token",
    verdicts: nobody,
    public: true,
    fields: { ...newPassword, username: "somebody", email: "" },
  },
];
