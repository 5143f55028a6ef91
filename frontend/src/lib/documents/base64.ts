export const encode = (bytes: Uint8Array): string =>
	btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

export const decode = (text: string): Uint8Array =>
	Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
