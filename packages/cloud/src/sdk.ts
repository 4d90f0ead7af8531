/**
 * What a cloud's SDK is taken from, which is installed only where that cloud is configured. Rejects with an Error that names the packages where one
 * of them isn't.
 */
export async function sdk<T>(provider: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isAbsent || !packages.some((name) => error.message.includes(`'${name}'`))) throw error;
    const all = packages.join(" ");
    throw new Error(`cloud.provider: ${provider} takes packages that aren't installed: npm install ${all}`, { cause: error });
  }
}
