import { type AccessRow, everybody, nobody } from "../../helpers/access";

export const access: AccessRow[] = [
  // Who is anonymous has the profile of the site.
  { url: "GET /profile", verdicts: everybody },
  { url: "POST /profile", verdicts: everybody },
  { url: "GET /people/:username", verdicts: everybody, path: "/people/ada" },
  // Its name is a secret of who has seen the page with the picture.
  { url: "GET /media/avatars/:name", verdicts: nobody },
];
