// design.scss → design.css: compiled, kept to the classes that our templates use, then turned from
// left and right to start and end, so that a page in Arabic is laid out from the right.
// Run by hand when a template uses a new class; README.md says how.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const [packages] = argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const templates = here("../../../patient");

const used = new Set();
for (const file of readdirSync(templates, { recursive: true }))
  if (file.endsWith(".html"))
    for (const [name] of readFileSync(`${templates}/${file}`, "utf8").matchAll(/nhsuk-[\w-]+/g)) used.add(name);

/** The rules of a sheet as [head, body] pairs; the body of a group such as @media holds rules again. */
function* rules(css) {
  let depth = 0, start = 0, open = 0;
  for (let place = 0; place < css.length; place++) {
    if (css[place] === "{" && depth++ === 0) open = place;
    if (css[place] === ";" && depth === 0) start = place + 1; // @charset and its like
    if (css[place] === "}" && --depth === 0) {
      yield [css.slice(start, open).trim(), css.slice(open + 1, place)];
      start = place + 1;
    }
  }
}
// Classes inside :not(...) take nothing away when they are unused; a search box we have none of.
const isUsed = (selector) =>
  !selector.includes("[type=search]") &&
  [...selector.replace(/:not\([^()]*\)/g, "").matchAll(/\.(nhsuk-[\w-]+)/g)].every(([, name]) => used.has(name));
function kept(css) {
  let text = "";
  for (const [head, body] of rules(css)) {
    if (head.startsWith("@media") || head.startsWith("@supports")) {
      const inner = kept(body);
      if (inner) text += `${head}{${inner}}`;
    } else if (head.startsWith("@")) {
      text += `${head}{${body}}`;
    } else {
      const selectors = head.split(/,(?![^(]*\))/).filter(isUsed);
      if (selectors.length && body) text += `${selectors.join(",")}{${body}}`;
    }
  }
  return text;
}

const PHYSICAL = [
  [/(margin|padding|border)-left\b/g, "$1-inline-start"],
  [/(margin|padding|border)-right\b/g, "$1-inline-end"],
  [/(text-align|justify-content):left\b/g, "$1:start"],
  [/(text-align|justify-content):right\b/g, "$1:end"],
  [/(?<=[{;])left:/g, "inset-inline-start:"],
  [/(?<=[{;])right:/g, "inset-inline-end:"],
  [/float:left\b/g, "float:inline-start"],
  [/float:right\b/g, "float:inline-end"],
];
const { compile } = await import(pathToFileURL(`${packages}/sass/sass.node.mjs`));
const { css } = compile(here("design.scss"), {
  loadPaths: [`${packages}/nhsuk-frontend/dist`],
  style: "compressed",
});
const logical = PHYSICAL.reduce((text, [from, to]) => text.replace(from, to), kept(css.replace(/^\uFEFF/, "")));
writeFileSync(here("design.css"), `/* From nhsuk-frontend 10.6.1, MIT, recoloured: README.md */\n${logical}\n`);
