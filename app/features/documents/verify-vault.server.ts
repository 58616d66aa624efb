import type { Run } from "~/services/jobs.server";
import { verifyVault } from "./verify.server";

export default async function verify(_: object, { signal }: Run) {
  await verifyVault(signal);
}
