import { expect, it } from 'vitest';
import { scopeLabel } from './scopes.ts';

it.each([
	['read', 'Read everything'],
	['write', 'Read and change everything'],
	['orders:read', 'Read orders'],
	['sales-reports:write', 'Read and change sales reports']
])('%s is called "%s"', (scope, label) => {
	expect(scopeLabel(scope)).toBe(label);
});
