/** Flash messages of what actions answered. */
import { takeFlash } from "~/services/flash.server";
import { type Answer, get } from "./call";

/** The flash message that an answer leaves for the page it leads to. */
export async function flashOf({ headers }: Answer) {
  const Cookie = headers.get("Set-Cookie")?.split(";")[0] ?? "";
  return (await takeFlash(get(headers.get("Location") ?? "/", { Cookie }))).flashes[0];
}
