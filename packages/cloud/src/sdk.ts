/** A package that is installed only where its cloud is configured. Rejects with an Error that says so where it isn't. */
export async function sdk<T>(name: string, provider: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const isAbsent =
      error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes(`'${name}'`);
    if (!isAbsent) throw error;
    throw new Error(`cloud.provider: ${provider} takes the package ${name}, which isn't installed: npm install ${name}`, { cause: error });
  }
}
