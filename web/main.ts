import "./page/pupil_page.ts";
