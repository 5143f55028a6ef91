import Alpine from '@alpinejs/csp';
import './index.css';
import '../lib/htmx.ts';
import '../lib/live.ts'; // feature: realtime
// Alpine's components are registered before it starts; templates name them: x-data="tray".
import './compare.ts';

Alpine.start();
