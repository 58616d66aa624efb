/** Which names of cities are asked for. */

const LONGEST = 100;
/**
 * What is not of names: these have letters of any script with their marks, numbers, and what stands in `St. John’s` and
 * `Frankfurt (Oder)`. Persian and Indic ones have joiners in them.
 */
const STRANGE = /(?!\u200c|\u200d)[^\p{L}\p{M}\p{N} .,'’()-]/u;

/** A name in its one form: composed, one space between words, a space after the full stop of `St.Gallen`. */
function tidied(typed: string) {
  const name = typed.normalize("NFC").trim().replace(/\s+/g, " ");
  return name.replace(/\.(?=\p{L})/gu, ". ");
}

/** What was typed as a name to ask for, or what is wrong with it. */
export function readCity(typed: string): { city: string; error?: undefined } | { error: string } {
  const city = tidied(typed);
  const { length } = [...city];
  if (length === 0) return { error: "Enter a city" };
  if (length > LONGEST) return { error: `City must be ${LONGEST} characters or fewer; it has ${length}` };
  const [strange] = city.match(STRANGE) ?? [];
  if (strange) return { error: `City must be a name, such as London, without ${nameOf(strange)}` };
  // Numbers are postcodes and coordinates. A full stop in front would make `..` of it.
  if (!/^-?[\p{L}\p{N}]/u.test(city)) return { error: "City must begin with a letter or a number" };
  return { city };
}

const nameOf = (character: string) =>
  /[\p{C}\p{Z}]/u.test(character) ? "control characters" : `the character ${character}`;

/** The same for names that differ in case only. */
export const cityKey = (city: string) => city.normalize("NFKC").toLowerCase();
