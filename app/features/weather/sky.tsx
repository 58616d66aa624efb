import type { Sky } from "./source.server";

const CLOUD = "M7 19a4.2 4.2 0 0 1-.4-8.4 5.6 5.6 0 0 1 10.8-1.1A4.8 4.8 0 0 1 17.2 19z";
const SMALL_CLOUD = "M8.6 19.5a3.4 3.4 0 0 1-.3-6.8 4.6 4.6 0 0 1 8.9-.9 3.9 3.9 0 0 1-.2 7.7z";
const HIGH_CLOUD = "M7 15a4 4 0 0 1-.4-8 5.3 5.3 0 0 1 10.3-1A4.5 4.5 0 0 1 17 15z";

/** A sky in 24 pixels; decoration beside its words. */
export function SkyIcon({ sky }: { sky: Sky }) {
  return (
    <svg className="icon sky-icon" viewBox="0 0 24 24" aria-hidden="true">
      {sky === "clear" && (
        <path
          className="sunny"
          d="M12 7.5a4.5 4.5 0 1 0 .01 0zM12 2v1.5M12 20.5V22M2 12h1.5M20.5 12H22M4.9 4.9 6 6M18 18l1.1 1.1M4.9 19.1 6 18M18 6l1.1-1.1"
        />
      )}
      {sky === "partly" && (
        <>
          <path className="sunny" d="M5.6 11.5a4 4 0 1 1 6.2-4.4M8.5 2v1M2 8.5h1M4 4l.7.7M13 4l-.7.7" />
          <path d={SMALL_CLOUD} />
        </>
      )}
      {sky === "cloudy" && <path d={CLOUD} />}
      {sky !== "clear" && sky !== "partly" && sky !== "cloudy" && <path d={HIGH_CLOUD} />}
      {sky === "fog" && <path d="M5 18.5h14M7.5 21.5h9" />}
      {sky === "rain" && <path className="rainy" d="m8 18-1 3M12.5 18l-1 3M17 18l-1 3" />}
      {sky === "snow" && (
        <path className="rainy dots" d="M7.5 18.5h.01M12 18.5h.01M16.5 18.5h.01M9.7 21.5h.01M14.3 21.5h.01" />
      )}
      {sky === "thunder" && <path className="sunny" d="m12.5 15-2.5 4h3.5l-2 3.5" />}
    </svg>
  );
}

const RADIUS = 150;
const HORIZON = 172;

/** The sky as it is, with the sun or the moon where it stands on its way; decoration beside its words. */
export function SkyScene({ sky, sun }: { sky: Sky; sun: { isUp: boolean; way: number } }) {
  const x = Math.round(200 - RADIUS * 1.1 * Math.cos(Math.PI * sun.way));
  const y = Math.round(HORIZON - 20 - (RADIUS - 28) * Math.sin(Math.PI * sun.way));
  const isCovered = sky !== "clear" && sky !== "partly";
  return (
    <svg className="scene" viewBox="0 -14 400 204" aria-hidden="true">
      {!sun.isUp && !isCovered && (
        <path
          className="stars"
          d="M60 40h.01M110 84h.01M150 28h.01M228 60h.01M276 22h.01M330 70h.01M366 34h.01M88 132h.01M306 124h.01M190 104h.01M24 92h.01M350 138h.01"
        />
      )}
      <path className="way" d={`M35 ${HORIZON - 20}A165 ${RADIUS - 28} 0 0 1 365 ${HORIZON - 20}`} />
      {sun.isUp ? (
        <g opacity={isCovered ? 0.55 : 1}>
          <circle className="halo" cx={x} cy={y} r="42" />
          <circle className="halo" cx={x} cy={y} r="30" />
          <circle className="sun" cx={x} cy={y} r="19" />
        </g>
      ) : (
        <path
          className="moon"
          opacity={isCovered ? 0.55 : 1}
          d={`M${x + 4} ${y - 18}a18 18 0 1 0 14 26a15 15 0 0 1-14-26z`}
        />
      )}
      {sky === "partly" && (
        <path className="cloud" d="M226 140a23 23 0 0 1-2-46 34 34 0 0 1 65-8 28 28 0 0 1 4 54z" />
      )}
      {isCovered && sky !== "fog" && (
        <>
          <path className="cloud far" d="M44 118a22 22 0 0 1-2-44 32 32 0 0 1 61-8 26 26 0 0 1 4 52z" />
          <path className="cloud far" d="M284 112a24 24 0 0 1-2-48 34 34 0 0 1 65-8 28 28 0 0 1 4 56z" />
          <path className="cloud" d="M138 130a32 32 0 0 1-3-64 46 46 0 0 1 88-11 38 38 0 0 1 6 75z" />
        </>
      )}
      {sky === "rain" && <path className="drops" d={DROPS} />}
      {sky === "thunder" && (
        <>
          <path className="drops" d={DROPS} />
          <path className="bolt" d="M196 112l-20 34h18l-10 30 32-42h-19l12-22z" />
        </>
      )}
      {sky === "snow" && (
        <path
          className="flakes"
          d="M66 136h.01M92 158h.01M122 150h.01M150 166h.01M176 148h.01M206 164h.01M232 150h.01M258 168h.01M290 136h.01M316 156h.01M342 132h.01"
        />
      )}
      {sky === "fog" && (
        <path className="mist" d="M40 92h190M262 92h98M70 114h250M24 136h140M196 136h180M88 158h226" />
      )}
      <path className="horizon" d={`M0 ${HORIZON}h400`} />
    </svg>
  );
}

const DROPS =
  "M74 134l-8 22M104 130l-8 22M146 142l-8 22M176 142l-8 22M206 142l-8 22M236 138l-8 22M300 126l-8 22M330 124l-8 22";
