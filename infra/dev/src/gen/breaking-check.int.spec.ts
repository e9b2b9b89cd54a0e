import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkBreaking } from './breaking-check.ts';
import { REPOSITORY } from './fixture-workspace.ts';

const run = promisify(execFile);
const CONTRACT = 'proto/exemplo/v1/exemplo.proto';
const VENDORED = 'proto/third_party/fora/fora.proto';
const BEFORE = `syntax = "proto3";
package exemplo.v1;
message Coisa {
  string id = 1;
  string nome = 2;
}
`;

describe('checkBreaking', () => {
  let repository: string;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  };
  const git = (...args: string[]) => run('git', args, { cwd: repository });
  const commit = async (): Promise<void> => {
    await git('add', '--all');
    const who = ['-c', 'user.name=Teste', '-c', 'user.email=teste@exemplo.com', '-c', 'commit.gpgsign=false'];
    await git(...who, 'commit', '--quiet', '--allow-empty', '--message', 'contratos');
  };

  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), 'plataforma-breaking-'));
    await git('init', '--quiet', '--initial-branch=main');
  });

  afterEach(() => rm(repository, { recursive: true }));

  const publishContract = async (): Promise<void> => {
    await cp(join(REPOSITORY, 'buf.yaml'), join(repository, 'buf.yaml'));
    await write(CONTRACT, BEFORE);
    await write(VENDORED, BEFORE.replace('exemplo.v1', 'fora'));
    await commit();
  };

  it('reports the field when one was removed', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('  string nome = 2;\n', ''));
    const result = await checkBreaking(REPOSITORY, repository);
    expect(result.kind).toBe('broken');
    expect(result).toHaveProperty('report', expect.stringContaining('field "2" with name "nome"'));
  });

  it('reports the field when one was renamed, because JSON carries names', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('nome', 'titulo'));
    expect((await checkBreaking(REPOSITORY, repository)).kind).toBe('broken');
  });

  it('is content when a field was added', async () => {
    await publishContract();
    await write(CONTRACT, BEFORE.replace('nome = 2;', 'nome = 2;\n  string cor = 3;'));
    expect(await checkBreaking(REPOSITORY, repository)).toEqual({ kind: 'compatible', against: 'main' });
  });

  it('is content when only vendored files changed', async () => {
    await publishContract();
    await write(VENDORED, 'syntax = "proto3";\npackage fora;\n');
    expect((await checkBreaking(REPOSITORY, repository)).kind).toBe('compatible');
  });

  it('compares with the branch of the origin when the clone has no main of its own', async () => {
    await publishContract();
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await git('checkout', '--quiet', '--detach');
    await git('branch', '--quiet', '-D', 'main');
    await write(CONTRACT, BEFORE.replace('  string nome = 2;\n', ''));
    expect(await checkBreaking(REPOSITORY, repository)).toMatchObject({
      kind: 'broken',
      against: 'origin/main',
    });
  });

  it('says that there is nothing to compare with when main has no contracts', async () => {
    await write('README.md', 'vazio\n');
    await commit();
    expect(await checkBreaking(REPOSITORY, repository)).toEqual({
      kind: 'nothing-to-compare',
      reason: 'main has no buf.yaml with contracts yet',
    });
  });

  it('fails with what to do when there is no branch main at all', async () => {
    await expect(checkBreaking(REPOSITORY, repository)).rejects.toThrow('git fetch origin main');
  });

  it('fails instead of reporting a break when the contracts do not build', async () => {
    await publishContract();
    await write(CONTRACT, `${BEFORE}message {`);
    await expect(checkBreaking(REPOSITORY, repository)).rejects.toThrow('buf build failed');
  });
});
