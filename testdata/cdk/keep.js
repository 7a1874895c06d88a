// Prints a file of an assembly without what differs from machine to machine: the folders given are called `/app`, and a
// package's own folder is left out. The report of feature flags, long and of no use, is gone.
const fs = require("fs");

const [file, ...folders] = process.argv.slice(2);
const text = fs.readFileSync(file, "utf8").replace(/[^"( ]*\/node_modules\//g, "/app/node_modules/");
const it = JSON.parse(folders.reduce((text, folder) => text.replaceAll(folder, "/app"), text));
for (const [name, artifact] of Object.entries(it.artifacts ?? {})) {
  if (artifact.type === "cdk:feature-flag-report") delete it.artifacts[name];
}
process.stdout.write(JSON.stringify(it, null, 1) + "\n");
