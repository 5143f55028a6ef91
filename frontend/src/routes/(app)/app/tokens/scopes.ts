/** "orders:write" -> "Read and change orders"; "read" -> "Read everything". */
export function scopeLabel(scope: string): string {
	const [resource, access] = scope.includes(':') ? scope.split(':') : ['everything', scope];
	const verb = access === 'write' ? 'Read and change' : 'Read';
	return `${verb} ${resource?.replaceAll('-', ' ')}`;
}
