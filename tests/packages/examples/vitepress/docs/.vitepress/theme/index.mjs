import DefaultTheme from 'vitepress/theme';
// Safe while the pages are rendered on the server too: the element is only defined where there is a DOM.
import 'mq-playground';

export default DefaultTheme;
