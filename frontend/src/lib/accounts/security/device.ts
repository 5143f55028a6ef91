// The first that fits: Edge and Chrome call themselves Safari too.
const BROWSERS = [
	['Edg/', 'Edge'],
	['OPR/', 'Opera'],
	['Firefox/', 'Firefox'],
	['Chrome/', 'Chrome'],
	['Safari/', 'Safari']
] as const;
const SYSTEMS = [
	['iPhone', 'iPhone'],
	['iPad', 'iPad'],
	['Android', 'Android'],
	['Windows', 'Windows'],
	['Mac OS X', 'macOS'],
	['CrOS', 'ChromeOS'],
	['Linux', 'Linux']
] as const;

/** What people call the device of a user agent: "Firefox on Windows". */
export function device(agent: string): string {
	const browser = BROWSERS.find(([part]) => agent.includes(part))?.[1] ?? 'A program';
	const system = SYSTEMS.find(([part]) => agent.includes(part))?.[1];
	return system ? `${browser} on ${system}` : browser;
}
