/** Passwords: what `django.contrib.auth.hashers` and `password_validation` stand for. */
import { type Algorithm, hash, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { singleton } from "./singleton.server";

/**
 * argon2id with the first of the settings that the OWASP cheat sheet on password storage recommends. Memory is in
 * KiB. Raise them here: who signs in next gets a new hash.
 */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const ARGON2ID = 2 as Algorithm.Argon2id;
const PREFIX = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`;

const MIN_LENGTH = 8;
/** More would make hashing a way to keep the server busy. */
const MAX_BYTES = 1_000;
/** Django's `UserAttributeSimilarityValidator` refuses from here on. */
const TOO_SIMILAR = 0.7;

/** Hashing takes one of libuv's four threads for tens of milliseconds; the others stay free for the database. */
const turn = singleton("hashing", () => pLimit(2));

export const hashPassword = (password: string) =>
  turn(() => hash(password, { ...PARAMETERS, algorithm: ARGON2ID }));

/** Stands in where there is no hash, so that refusing takes as long. */
const decoy = () => singleton("decoy hash", () => hashPassword("nobody has this password"));

/** Whether `password` is the one of `passwordHash`; without a hash never, in the same time. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > MAX_BYTES) return false;
  const standIn = await decoy();
  const right = await turn(() => verify(passwordHash || standIn, password));
  return right && Boolean(passwordHash);
}

/** Whether the hash was made with other parameters than today's. */
export const isOutdated = (passwordHash: string) => !passwordHash.startsWith(PREFIX);

/**
 * What speaks against a password: Django's four rules, and a limit. `about` are words of the person's own, such as
 * name and email.
 *
 * @returns one sentence, or null.
 */
export async function passwordProblem(password: string, about: string[]): Promise<string | null> {
  if (Buffer.byteLength(password) > MAX_BYTES) return `Choose a password of ${MAX_BYTES} bytes or fewer`;
  if ([...password].length < MIN_LENGTH) return `Choose a password of ${MIN_LENGTH} characters or more`;
  if (/^\p{Nd}+$/u.test(password)) return "Choose a password that is not only digits";
  if (await isCommon(password)) return "Choose another password: this one is among the most common";
  if (about.some((word) => isSimilar(password, word)))
    return "Choose a password that is less like your name or email";
  return null;
}

async function isCommon(password: string) {
  const common = await singleton("common passwords", async () => {
    const { dictionary } = await import("@zxcvbn-ts/language-common");
    return new Set<string>(dictionary["passwords-common"] as string[]);
  });
  return common.has(password.toLowerCase());
}

/** As in Django, also each part of a name or an address: `ada.lovelace@example.com` has four. */
function isSimilar(password: string, word: string) {
  const lower = password.toLowerCase();
  const parts = [word, ...word.split(/\W+/)].map((part) => part.toLowerCase()).filter(Boolean);
  return parts.some(
    (part) => lower.length < part.length * 10 && commonCharacters(lower, part) >= TOO_SIMILAR,
  );
}

/** The part of characters that two words share whatever their order: `quick_ratio` of Python's difflib. */
function commonCharacters(a: string, b: string) {
  const left = new Map<string, number>();
  for (const character of a) left.set(character, (left.get(character) ?? 0) + 1);
  let shared = 0;
  for (const character of b) {
    const count = left.get(character) ?? 0;
    if (count > 0) shared += 1;
    left.set(character, count - 1);
  }
  return (2 * shared) / (a.length + b.length);
}
