import { jestPreset } from '@plataforma/testing/jest/preset';

export default jestPreset({ rootDir: import.meta.dirname });
