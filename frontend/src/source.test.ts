import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

const SOURCE = 'src';

const components = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.svelte'))
	.map((name) => join(SOURCE, name));

type Node = { type?: string; key?: unknown; name?: string; start?: number };

/** Every node of a component's template, wherever it hangs. */
function* nodes(value: unknown): Generator<Node> {
	if (Array.isArray(value)) {
		for (const item of value) yield* nodes(item);
	} else if (typeof value === 'object' && value !== null) {
		if ('type' in value) yield value as Node;
		for (const child of Object.values(value)) yield* nodes(child);
	}
}

describe.each(components)('%s', (path) => {
	const template = [
		...nodes(parse(readFileSync(path, 'utf8'), { modern: true, filename: path }).fragment)
	];
	const lines = (found: Node[]) => found.map(({ start }) => start);

	it('writes no raw HTML', () => {
		expect(lines(template.filter(({ type }) => type === 'HtmlTag'))).toEqual([]);
	});

	it('gives every item of a list its key', () => {
		const loops = template.filter(({ type }) => type === 'EachBlock');
		expect(lines(loops.filter(({ key }) => !key))).toEqual([]);
	});

	it('has no style attributes, which the content security policy forbids', () => {
		const styles = template.filter(
			({ type, name }) => type === 'StyleDirective' || (type === 'Attribute' && name === 'style')
		);
		expect(lines(styles)).toEqual([]);
	});
});
