import type { MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { Icon } from "~/components/icon";
import { pageTitle } from "~/components/page-title";
import { type Feature, features, SITE } from "~/features";
import { readFigures } from "./figures.server";

export const meta: MetaFunction = ({ matches }) => pageTitle(matches);

export async function loader() {
  return { figures: await readFigures() };
}

export default function Home() {
  const { figures } = useLoaderData<typeof loader>();
  return (
    <>
      <div className="head">
        <div>
          <h1>{SITE}</h1>
          <p>Ten small apps, one workspace. Every page works without JavaScript, and is better with it.</p>
        </div>
      </div>
      <ul className="cards">
        {features.map((feature) => (
          <Card key={feature.name} feature={feature} figure={figures[feature.name]} />
        ))}
      </ul>
    </>
  );
}

function Card({ feature, figure }: { feature: Feature; figure: string | null | undefined }) {
  const { name, title, path, summary, hue } = feature;
  return (
    <li className="card tile" data-hue={hue}>
      <Icon name={name} />
      <h2>
        <Link to={path}>{title}</Link>
      </h2>
      <p>{summary}</p>
      {figure && <p className="figure">{figure}</p>}
    </li>
  );
}
