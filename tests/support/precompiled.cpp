// The owner of the precompiled header that the test executables share.
int main() {}
