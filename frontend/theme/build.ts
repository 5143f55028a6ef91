// Writes the sheet of the pages that Django renders: node theme/build.ts SOURCE TARGET
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { argv } from 'node:process';
import { compile, optimize } from '@tailwindcss/node';
import { Scanner } from '@tailwindcss/oxide';

const [source, target] = argv.slice(2).map((path) => resolve(path));
if (!source || !target) throw new Error('Say which sheet to build, and where to write it.');

const compiler = await compile(await readFile(source, 'utf8'), {
	base: dirname(source),
	onDependency: () => undefined
});
const words = new Scanner({ sources: compiler.sources }).scan();
const { code } = optimize(compiler.build(words), { minify: true });
await writeFile(target, `${code.trim()}\n`);
