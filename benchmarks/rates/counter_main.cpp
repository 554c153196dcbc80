// Apart from gradients.cpp, because that one's object file is also linked with the sampler, which has a main of its own.
// With an argument (seconds) gradients are counted, without one densities are printed.
#include <cstdlib>

extern "C" int hiercomp_main();
extern "C" int count_gradients(double wanted);

int main(int words, char** arguments) {
  return words > 1 ? count_gradients(std::strtod(arguments[1], nullptr)) : hiercomp_main();
}
