/** What the site says of itself, everywhere. */
export const site = {
	/** In headers, where there is little room. */
	shortName: 'Longhouse',
	/** In page titles and link previews. */
	name: 'Longhouse Pinball Museum', // feature: museum
	// without museum: name: 'Longhouse',
	tagline: 'A working museum. Please touch everything.', // feature: museum
	// without museum: tagline: 'One roof, ready to move in.',
	description:
		'A working pinball museum: machines from nine decades, all meant to be played, and an open record of how they are kept alive.', // feature: museum
	// without museum: 'Accounts, a dashboard and an admin site are here. Everything else is yours to build.',
	/** The pages of people who are signed in. */
	area: 'Workshop', // feature: museum
	// without museum: area: 'Workspace',
	/** Who these people are, said where they sign in. */
	audience: 'For the people who keep the machines running.', // feature: museum
	// without museum: audience: 'For everybody who has an account here.',
	/** Titles of the error pages. */
	missing: 'This ball drained.', // feature: museum
	// without museum: missing: 'There is nothing here.',
	failed: 'Tilt.' // feature: museum
	// without museum: failed: 'That did not work.'
};
