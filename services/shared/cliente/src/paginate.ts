/** A request of a list, as all of them are. */
interface PageRequest {
  readonly pageToken?: string;
}

/** An answer of a list; the token of the last page is empty. */
interface Page {
  readonly nextPageToken: string;
}

/**
 * All items of a list, one after the other; the next page is asked for when the one before has been used up.
 *
 * `paginate(reservas.listarReservas, { pageSize: 100 }, (page) => page.reservas)`
 */
export async function* paginate<Request extends PageRequest, Answer extends Page, Item>(
  list: (request: Request) => Promise<Answer>,
  request: Request,
  itemsOf: (page: Answer) => readonly Item[],
): AsyncGenerator<Item, void, undefined> {
  let pageToken = request.pageToken ?? '';
  do {
    const page = await list({ ...request, pageToken });
    yield* itemsOf(page);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}
