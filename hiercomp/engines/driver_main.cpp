// Apart from driver.cpp, because that one's object file is also linked with the sampler, which has a main of its own.
extern "C" int hiercomp_main();

int main() { return hiercomp_main(); }
