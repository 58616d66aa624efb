import { takeFlash } from "~/services/flash.server";
import { type Answer, get } from "./call";
import { cookieOf } from "./people";

/** The flash message that an answer leaves for the page it leads to. */
export async function flashOf({ headers }: Answer) {
  const Cookie = cookieOf(headers.get("Set-Cookie"));
  return (await takeFlash(get(headers.get("Location") ?? "/", { Cookie }))).flashes[0];
}
