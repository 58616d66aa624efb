import type { Command } from "commander";
import { Failure } from "./failure";
import { withTables } from "./with-database";

export function configure(command: Command) {
  command
    .command("verify")
    .description(
      "hold every file of the vault against its checksum; names what is missing, damaged or orphaned",
    )
    .action(() => withTables(verify));
}

async function verify() {
  const { verifyVault } = await import("~/features/documents/verify.server");
  const { documents, bytes, problems, orphans } = await verifyVault();
  console.log(`${documents.toLocaleString("en")} documents, ${bytes.toLocaleString("en")} bytes`);
  for (const key of orphans) console.log(`orphaned: ${key} (of an upload under way, or left behind)`);
  const wrong = problems.map(({ id, title, key, problem }) => `${problem}: #${id} “${title}” (${key})`);
  if (wrong.length > 0) throw new Failure(wrong.join("\n"));
  console.log("Every file is whole.");
}
