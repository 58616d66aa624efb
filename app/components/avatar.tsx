import { HUES, type Hue } from "~/components/hues";

/** The same name has the same hue everywhere (FNV-1a). */
export function hueOf(name: string): Hue {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return HUES[hash % HUES.length]!;
}

/** The first letters of the first and the last word: `Ada Lovelace` is AL, `ada` is A, `🔑` stays as it is. */
export function initialsOf(name: string): string {
  const firsts = name
    .normalize("NFC")
    .split(/\s+/)
    .map((word) => word.match(/[\p{L}\p{N}]/u)?.[0])
    .filter((letter) => letter !== undefined);
  const [first = [...name.trim()][0] ?? ""] = firsts;
  const last = firsts.length > 1 ? firsts.at(-1) : "";
  return `${first}${last}`.toUpperCase();
}

interface AvatarProps {
  name: string;
  url: string | null;
  /** Pixels of a side. */
  size: number;
  /** The picture cannot be shown. */
  onError?(): void;
}

/** A person's picture, or their initials where there is none; decoration beside their name. */
export function Avatar({ name, url, size, onError }: AvatarProps) {
  if (url) return <img className="avatar" src={url} alt="" width={size} height={size} onError={onError} />;
  return (
    <svg
      className="avatar"
      data-hue={hueOf(name)}
      viewBox="0 0 40 40"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <rect width="40" height="40" />
      <text x="20" y="20">
        {initialsOf(name)}
      </text>
    </svg>
  );
}
