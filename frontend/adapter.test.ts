import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { announceErrorPage, keepRecentFiles, takenAt } from './adapter.ts';

let from: string;
let to: string;

beforeEach(() => {
	from = mkdtempSync(join(tmpdir(), 'old-'));
	to = mkdtempSync(join(tmpdir(), 'new-'));
});
afterEach(() => {
	for (const directory of [from, to]) rmSync(directory, { recursive: true });
});

function write(name: string, daysOld: number) {
	const path = join(from, name);
	writeFileSync(path, name);
	const time = Date.now() / 1000 - daysOld * 86400;
	utimesSync(path, time, time);
}

it('keeps what open tabs may still ask for, and lets the rest go', () => {
	write('yesterday.js', 1);
	write('yesterday.js.br', 1);
	write('long-ago.js', 31);
	keepRecentFiles(from, to, 30);
	expect(readdirSync(to).sort()).toEqual(['yesterday.js', 'yesterday.js.br']);
});

it('keeps the age of a file, so that it goes in the end', () => {
	write('chunk.js', 20);
	keepRecentFiles(from, to, 30);
	expect(Date.now() - statSync(join(to, 'chunk.js')).mtimeMs).toBeGreaterThan(19 * 86400 * 1000);
});

it('never replaces a file of the new build', () => {
	write('same.js', 1);
	writeFileSync(join(to, 'same.js'), 'new');
	keepRecentFiles(from, to, 30);
	expect(statSync(join(to, 'same.js')).size).toBe(3);
});

it('does nothing before the first build', () => {
	keepRecentFiles(join(from, 'missing'), to, 30);
	expect(readdirSync(to)).toEqual([]);
});

it('tells when the data of the pages was read', () => {
	writeFileSync(join(from, 'taken.json'), '{"at": 1764000000.5}');
	expect(takenAt(from)).toBe(1764000000.5);
});

it('announces the error page on pages with scripts, and only there', () => {
	mkdirSync(join(to, '_app/immutable/nodes'), { recursive: true });
	for (const node of ['1.Ab_c.js', '10.Xy.js']) {
		writeFileSync(join(to, '_app/immutable/nodes', node), '');
	}
	const live = '<head><link href="/a.js" rel="modulepreload"></head><p>Live</p>';
	const still = '<head></head><p>Still</p>';
	writeFileSync(join(to, 'live.html'), live);
	writeFileSync(join(to, 'still.html'), still);
	announceErrorPage(to);
	expect(readFileSync(join(to, 'live.html'), 'utf8')).toContain(
		'<link href="/_app/immutable/nodes/1.Ab_c.js" rel="modulepreload"></head>'
	);
	expect(readFileSync(join(to, 'still.html'), 'utf8')).toBe(still);
});
