/** `npm run screenshots`: the pictures of README.md in docs/images, of the production build with its demo data. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { launchChromium } from "./helpers/chromium";
import { addPeople, startServer } from "./helpers/server";

const FOLDER = "docs/images";
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 800 };

const PICTURES = [
  { file: "home", path: "/", viewport: WIDE, colorScheme: "light" },
  { file: "tasks", path: "/tasks", viewport: WIDE, colorScheme: "dark" },
  { file: "inventory", path: "/inventory/3?q=bolt", viewport: WIDE, colorScheme: "light" },
  { file: "chat", path: "/chat/warehouse", viewport: WIDE, colorScheme: "dark" },
  { file: "admin", path: "/admin/todos/todo", viewport: WIDE, colorScheme: "light" },
  { file: "todos-narrow", path: "/todos", viewport: NARROW, colorScheme: "light" },
  { file: "documents-narrow", path: "/documents", viewport: NARROW, colorScheme: "dark" },
] as const;

if (!process.env.CHROMIUM) {
  console.error("npm run screenshots needs CHROMIUM=<path> of the Chromium to take them in.");
  process.exit(2);
}
mkdirSync(FOLDER, { recursive: true });
const server = await startServer({ LOG_LEVEL: "silent" });
try {
  const env = { ...process.env, DATABASE_URL: server.databaseUrl, UPLOADS: server.uploads };
  execFileSync(process.execPath, ["build/manage.js", "seed"], { env });
  const { Cookie } = await addPeople(server, "boss");
  const [name = "", value = ""] = Cookie.split("=");
  const browser = await launchChromium();
  for (const picture of PICTURES) {
    const { viewport, colorScheme } = picture;
    const context = await browser.newContext({ baseURL: server.url, viewport, colorScheme });
    await context.addCookies([{ name, value, url: server.url }]);
    const page = await context.newPage();
    await page.goto(picture.path, { waitUntil: "networkidle" });
    await page.screenshot({ path: `${FOLDER}/${picture.file}.png` });
    console.log(`${FOLDER}/${picture.file}.png`);
    await context.close();
  }
  await browser.close();
} finally {
  await server.stop();
}
process.exit();
