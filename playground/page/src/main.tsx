/** The playground's start: the editor's workers, the styles, and the page. */
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';

import { createRoot } from 'react-dom/client';

import { Page } from './Page';

createRoot(document.getElementById('root')!).render(<Page />);
