/** The site that tests/conformance visits: the one at BASE_URL, else the production server on a database of its own. */
import type { TestProject } from "vitest/node";
import { Visitor } from "../conformance/visitor";
import { freePort } from "./free-port";
import { addPeople, PASSWORD, startServer } from "./server";
import { onServer, withDatabase } from "./template-database";

export default async function setup(project: TestProject) {
  const { BASE_URL } = process.env;
  // Where it is not set, Vite sets it to the base of its own URLs.
  const isGiven = BASE_URL && BASE_URL !== "/";
  const { stop, username, password, ...site } = isGiven ? standing(BASE_URL) : await started();
  // Once for all tests: who signs in often from one address has to wait.
  const superuser = new Visitor(site.url);
  const { status, text } = await superuser.signIn(username, password);
  if (!/Sign out/.test(text)) throw new Error(`${username} cannot sign in at ${site.url}: ${status} ${text}`);
  project.provide("site", { ...site, superuser: { username, password, cookies: superuser.cookies } });
  return async () => {
    await (await superuser.open("/")).press("Sign out");
    await stop();
  };
}

/** A site that runs already, and what the environment has to tell of it, by the names of its own settings. */
function standing(url: string) {
  if (!/^https?:\/\/./.test(url))
    throw new Error(`BASE_URL is ${url}, and has to be an http or https address`);
  const setting = (name: string) => {
    const value = process.env[name];
    if (!value) throw new Error(`BASE_URL is set, so ${name} has to be, too`);
    return value;
  };
  return {
    url,
    username: setting("TENFOLD_SUPERUSER_USERNAME"),
    password: setting("TENFOLD_SUPERUSER_PASSWORD"),
    webhookSecret: setting("WEBHOOK_SECRET"),
    weatherUrl: process.env.WEATHER_BASE_URL || null,
    stop: async () => {},
  };
}

async function started() {
  const database = await ownDatabase();
  const webhookSecret = "change-me";
  const weatherUrl = `http://127.0.0.1:${await freePort()}`;
  const server = await startServer({
    ...database.settings,
    WEBHOOK_SECRET: webhookSecret,
    WEATHER_BASE_URL: weatherUrl,
  });
  const username = "superuser";
  await addPeople(server, username);
  return {
    url: server.url,
    username,
    password: PASSWORD,
    webhookSecret,
    weatherUrl,
    async stop() {
      await server.stop();
      await database.drop();
    },
  };
}

/** A database for the site alone, on the Postgres server of DATABASE_URL; without one it has its SQLite file. */
async function ownDatabase(): Promise<{ settings: Record<string, string>; drop(): Promise<void> }> {
  const given = process.env.DATABASE_URL;
  if (!given?.startsWith("postgres")) return { settings: {}, drop: async () => {} };
  const name = `tenfold_conformance_${process.pid}`;
  await onServer(given, `CREATE DATABASE ${name}`);
  return {
    settings: { DATABASE_URL: withDatabase(given, name) },
    drop: () => onServer(given, `DROP DATABASE ${name}`),
  };
}
