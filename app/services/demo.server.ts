/** Demo data, for `manage seed`: the n-th of a kind is the same at every run, and a second run adds nothing. */

/** The n-th of a list that begins anew at its end. */
export const pick = <T>(list: readonly T[], n: number) => list[n % list.length]!;

/** What tells the n-th from those before it where there are `kinds` of them: "", then " (2)". */
export function numbered(n: number, kinds: number) {
  const round = Math.floor(n / kinds);
  return round ? ` (${round + 1})` : "";
}
