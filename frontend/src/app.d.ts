declare global {
	/** Set by theme/theme.js, which runs inline before anything else. */
	interface Window {
		longhouseTheme: {
			readonly choice: ThemeChoice;
			change(choice: ThemeChoice): void;
		};
	}
	type ThemeChoice = 'auto' | 'light' | 'dark';
}

export {};
