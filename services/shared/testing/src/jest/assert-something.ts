import { beforeEach, expect } from '@jest/globals';

/** A test that has asserted nothing when it ends has shown nothing: its loop was empty, its callback never ran. */
beforeEach(() => expect.hasAssertions());
