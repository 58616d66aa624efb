/**
 * Every command of manage.ts, in the order of its help. A command is a module here that exports `configure`,
 * which gives it its arguments, its options and its action. A module is loaded only when its name is called.
 */
import type { Command } from "commander";

export interface ManageCommand {
  name: string;
  /** What it does, in one line of the help. */
  summary: string;
  load(): Promise<{ configure(command: Command): void | Promise<void> }>;
}

export const commands: ManageCommand[] = [
  { name: "migrate", summary: "bring the database to the newest migration", load: () => import("./migrate") },
  { name: "makemigration", summary: "start a new migration", load: () => import("./makemigration") },
  { name: "check", summary: "tell where models and database differ", load: () => import("./check") },
  { name: "seed", summary: "add demo data; safe to run twice", load: () => import("./seed") },
  { name: "createsuperuser", summary: "add a superuser", load: () => import("./createsuperuser") },
  { name: "changepassword", summary: "give a person a new password", load: () => import("./changepassword") },
  { name: "users", summary: "list who has an account", load: () => import("./users") },
  {
    name: "clearsessions",
    summary: "delete sessions that have expired",
    load: () => import("./clearsessions"),
  },
  { name: "worker", summary: "run background jobs, apart from the server", load: () => import("./worker") },
  { name: "jobs", summary: "list background jobs, or retry them", load: () => import("./jobs") },
  { name: "files", summary: "check uploaded files, and sweep up", load: () => import("./files") },
  { name: "vault", summary: "check every file of the vault", load: () => import("./documents-vault") },
  {
    name: "weather-stub",
    summary: "answer like wttr.in, without internet",
    load: () => import("./weather-stub"),
  },
  { name: "shell", summary: "a prompt with every model", load: () => import("./shell") },
  { name: "routes", summary: "list every URL, its methods and its module", load: () => import("./routes") },
];
