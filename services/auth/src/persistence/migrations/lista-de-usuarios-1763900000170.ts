import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the list of accounts is read by: in its order, by the beginning of an address or a name, and by what few accounts have.
 * A beginning is a range of an index in the order of bytes, whatever the language of the database.
 *
 * Each of the five indexes reads all accounts, and until the last is there whatever writes accounts waits: sign-ups, changes, and
 * logins that hash a password anew. With a million accounts that is for a time when few are about; reads go on until the
 * index of before is dropped, which takes no time.
 */
export class ListaDeUsuarios1763900000170 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Without accents and in lower case, as people search. Accents first: some databases change the case of plain letters only.
    await queryRunner.query(`
      create function nome_buscavel(nome text) returns text language sql immutable strict parallel safe
      return lower(regexp_replace(normalize(nome, NFD), U&'[\\0300-\\036F]', '', 'g'))`);
    await queryRunner.query('create index usuarios_lista on usuarios (criado_em desc, id desc)');
    await queryRunner.query('create index usuarios_busca_email on usuarios (email collate "C", id)');
    await queryRunner.query(
      'create index usuarios_busca_nome on usuarios (nome_buscavel(nome) collate "C", id)',
    );
    await queryRunner.query(`
      create index usuarios_lista_com_papel on usuarios (criado_em desc, id desc) where papeis <> array['CLIENTE']`);
    await queryRunner.query(
      'create index usuarios_lista_suspensos on usuarios (criado_em desc, id desc) where not ativo',
    );
    await queryRunner.query('drop index usuarios_criado_em');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create index usuarios_criado_em on usuarios (criado_em desc)');
    await queryRunner.query(`
      drop index usuarios_lista, usuarios_busca_email, usuarios_busca_nome, usuarios_lista_com_papel,
        usuarios_lista_suspensos`);
    await queryRunner.query('drop function nome_buscavel(text)');
  }
}
