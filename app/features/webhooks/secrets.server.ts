/** The secrets of providers: those of the settings, then those that staff have entered. */
import { singleton } from "#models/singleton.server";
import { Secret } from "#models/webhook-secret.server";
import { config } from "~/services/config.server";
import { isPlain, type Scheme, takesOwnSecrets } from "./schemes.server";

/** Milliseconds after which a secret that was taken away is not accepted any more. */
const REMEMBERED = 1_000;
const MOST_REMEMBERED = 1_000;

const known = () => singleton("webhook secrets", () => new Map<string, { secrets: string[]; at: number }>());

/** Those that count. `anew` asks the database also where it was asked a moment ago. */
export async function activeSecrets(provider: string, scheme: Scheme, anew = false): Promise<string[]> {
  const entered = takesOwnSecrets(provider, scheme) ? await enteredSecrets(provider, anew) : [];
  return [...secretsOfSettings(provider, scheme), ...entered];
}

/** Those that do not count any more, to explain refusals by. */
export async function retiredSecrets(provider: string, scheme: Scheme): Promise<string[]> {
  if (!takesOwnSecrets(provider, scheme)) return [];
  return (await Secret.of(provider)).filter(({ active }) => !active).map(({ value }) => value);
}

function secretsOfSettings(provider: string, scheme: Scheme): string[] {
  const { WEBHOOK_SECRET = [], WEBHOOK_SECRETS = [] } = config();
  const own = WEBHOOK_SECRETS.filter((entry) => entry.provider === provider).map(({ secret }) => secret);
  return [...(isPlain(scheme) ? WEBHOOK_SECRET : []), ...(takesOwnSecrets(provider, scheme) ? own : [])];
}

async function enteredSecrets(provider: string, anew: boolean): Promise<string[]> {
  const remembered = known().get(provider);
  if (remembered && !anew && performance.now() - remembered.at < REMEMBERED) return remembered.secrets;
  const secrets = (await Secret.of(provider)).filter(({ active }) => active).map(({ value }) => value);
  // Names are anybody's to make up.
  if (known().size >= MOST_REMEMBERED) known().clear();
  known().set(provider, { secrets, at: performance.now() });
  return secrets;
}
